package io.tern.onnx;

/**
 * The functions of ONNX Runtime's C API that Tern calls: place in {@code struct OrtApi}, and C signature. Every member of
 * that struct is one pointer and the struct only ever grows at its end, so a place once right stays right. Taken from
 * {@code onnxruntime_c_api.h} at ORT_API_VERSION 29.
 */
enum OrtFunction {
    // OrtErrorCode (const OrtStatus*)
    GET_ERROR_CODE(1),
    // const char* (const OrtStatus*)
    GET_ERROR_MESSAGE(2),
    // OrtStatus* (OrtLoggingLevel, const char*, OrtEnv**)
    CREATE_ENV(3),
    // OrtStatus* (const OrtEnv*, const ORTCHAR_T*, const OrtSessionOptions*, OrtSession**)
    CREATE_SESSION(7),
    // OrtStatus* (const OrtEnv*, const void*, size_t, const OrtSessionOptions*, OrtSession**)
    CREATE_SESSION_FROM_ARRAY(8),
    // OrtStatus* (OrtSessionOptions**)
    CREATE_SESSION_OPTIONS(10),
    // OrtStatus* (OrtSessionOptions*, GraphOptimizationLevel)
    SET_SESSION_GRAPH_OPTIMIZATION_LEVEL(23),
    // OrtStatus* (OrtSessionOptions*, int)
    SET_INTRA_OP_NUM_THREADS(24),
    // OrtStatus* (const OrtSession*, size_t*)
    SESSION_GET_INPUT_COUNT(30),
    // OrtStatus* (const OrtSession*, size_t*)
    SESSION_GET_OUTPUT_COUNT(31),
    // OrtStatus* (const OrtSession*, size_t, OrtTypeInfo**)
    SESSION_GET_INPUT_TYPE_INFO(33),
    // OrtStatus* (const OrtSession*, size_t, OrtTypeInfo**)
    SESSION_GET_OUTPUT_TYPE_INFO(34),
    // OrtStatus* (const OrtSession*, size_t, OrtAllocator*, char**)
    SESSION_GET_INPUT_NAME(36),
    // OrtStatus* (const OrtSession*, size_t, OrtAllocator*, char**)
    SESSION_GET_OUTPUT_NAME(37),
    // OrtStatus* (OrtRunOptions**)
    CREATE_RUN_OPTIONS(39),
    // OrtStatus* (OrtRunOptions*)
    RUN_OPTIONS_SET_TERMINATE(46),
    // OrtStatus* (OrtRunOptions*)
    RUN_OPTIONS_UNSET_TERMINATE(47),
    // OrtStatus* (OrtAllocator*, const int64_t*, size_t, ONNXTensorElementDataType, OrtValue**)
    CREATE_TENSOR_AS_ORT_VALUE(48),
    // OrtStatus* (const OrtMemoryInfo*, void*, size_t, const int64_t*, size_t, ONNXTensorElementDataType, OrtValue**)
    CREATE_TENSOR_WITH_DATA_AS_ORT_VALUE(49),
    // OrtStatus* (OrtValue*, void**)
    GET_TENSOR_MUTABLE_DATA(51),
    // OrtStatus* (const OrtValue*, size_t*)
    GET_STRING_TENSOR_DATA_LENGTH(53),
    // OrtStatus* (const OrtValue*, void*, size_t, size_t*, size_t)
    GET_STRING_TENSOR_CONTENT(54),
    // OrtStatus* (const OrtTypeInfo*, const OrtTensorTypeAndShapeInfo**)
    CAST_TYPE_INFO_TO_TENSOR_INFO(55),
    // OrtStatus* (const OrtTensorTypeAndShapeInfo*, ONNXTensorElementDataType*)
    GET_TENSOR_ELEMENT_TYPE(60),
    // OrtStatus* (const OrtTensorTypeAndShapeInfo*, size_t*)
    GET_DIMENSIONS_COUNT(61),
    // OrtStatus* (const OrtTensorTypeAndShapeInfo*, int64_t*, size_t)
    GET_DIMENSIONS(62),
    // OrtStatus* (const OrtTensorTypeAndShapeInfo*, const char* dim_params[], size_t)
    GET_SYMBOLIC_DIMENSIONS(63),
    // OrtStatus* (const OrtValue*, OrtTensorTypeAndShapeInfo**)
    GET_TENSOR_TYPE_AND_SHAPE(65),
    // OrtStatus* (const char*, OrtAllocatorType, int, OrtMemType, OrtMemoryInfo**)
    CREATE_MEMORY_INFO(68),
    // OrtStatus* (OrtAllocator*, void*)
    ALLOCATOR_FREE(76),
    // OrtStatus* (OrtAllocator**)
    GET_ALLOCATOR_WITH_DEFAULT_OPTIONS(78),
    // void (OrtEnv*)
    RELEASE_ENV(92),
    // void (OrtStatus*)
    RELEASE_STATUS(93),
    // void (OrtMemoryInfo*)
    RELEASE_MEMORY_INFO(94),
    // void (OrtSession*)
    RELEASE_SESSION(95),
    // void (OrtValue*)
    RELEASE_VALUE(96),
    // void (OrtRunOptions*)
    RELEASE_RUN_OPTIONS(97),
    // void (OrtTypeInfo*)
    RELEASE_TYPE_INFO(98),
    // void (OrtTensorTypeAndShapeInfo*)
    RELEASE_TENSOR_TYPE_AND_SHAPE_INFO(99),
    // void (OrtSessionOptions*)
    RELEASE_SESSION_OPTIONS(100),
    // OrtStatus* (const OrtSession*, OrtModelMetadata**)
    SESSION_GET_MODEL_METADATA(111),
    // OrtStatus* (const OrtModelMetadata*, OrtAllocator*, char**)
    MODEL_METADATA_GET_PRODUCER_NAME(112),
    // OrtStatus* (const OrtModelMetadata*, OrtAllocator*, const char*, char**)
    MODEL_METADATA_LOOKUP_CUSTOM_METADATA_MAP(116),
    // void (OrtModelMetadata*)
    RELEASE_MODEL_METADATA(118),
    // OrtStatus* (const OrtModelMetadata*, OrtAllocator*, char***, int64_t*)
    MODEL_METADATA_GET_CUSTOM_METADATA_MAP_KEYS(123),
    // OrtStatus* (char***, int*)
    GET_AVAILABLE_PROVIDERS(125),
    // OrtStatus* (char**, int)
    RELEASE_AVAILABLE_PROVIDERS(126),
    // OrtStatus* (OrtSessionOptions*, const char*, const char*)
    ADD_SESSION_CONFIG_ENTRY(130),
    // OrtStatus* (const OrtSession*, const OrtMemoryInfo*, OrtAllocator**)
    CREATE_ALLOCATOR(131),
    // void (OrtAllocator*)
    RELEASE_ALLOCATOR(132),
    // OrtStatus* (OrtSession*, const OrtRunOptions*, const OrtIoBinding*)
    RUN_WITH_BINDING(133),
    // OrtStatus* (OrtSession*, OrtIoBinding**)
    CREATE_IO_BINDING(134),
    // void (OrtIoBinding*)
    RELEASE_IO_BINDING(135),
    // OrtStatus* (OrtIoBinding*, const char*, const OrtValue*)
    BIND_INPUT(136),
    // OrtStatus* (OrtIoBinding*, const char*, const OrtValue*)
    BIND_OUTPUT(137),
    // OrtStatus* (OrtIoBinding*, const char*, const OrtMemoryInfo*)
    BIND_OUTPUT_TO_DEVICE(138),
    // OrtStatus* (const OrtIoBinding*, OrtAllocator*, OrtValue***, size_t*)
    GET_BOUND_OUTPUT_VALUES(140),
    // void (OrtIoBinding*)
    CLEAR_BOUND_INPUTS(141),
    // void (OrtIoBinding*)
    CLEAR_BOUND_OUTPUTS(142),
    // OrtStatus* (OrtSessionOptions*, const char*, const OrtValue*)
    ADD_INITIALIZER(150),
    // OrtStatus* (OrtPrepackedWeightsContainer**)
    CREATE_PREPACKED_WEIGHTS_CONTAINER(166),
    // void (OrtPrepackedWeightsContainer*)
    RELEASE_PREPACKED_WEIGHTS_CONTAINER(167),
    // OrtStatus* (const OrtEnv*, const ORTCHAR_T*, const OrtSessionOptions*, OrtPrepackedWeightsContainer*,
    // OrtSession**)
    CREATE_SESSION_WITH_PREPACKED_WEIGHTS_CONTAINER(168),
    // OrtStatus* (const OrtEnv*, const void*, size_t, const OrtSessionOptions*, OrtPrepackedWeightsContainer*,
    // OrtSession**)
    CREATE_SESSION_FROM_ARRAY_WITH_PREPACKED_WEIGHTS_CONTAINER(169),
    // OrtStatus* (const OrtValue*, const OrtMemoryInfo**)
    GET_TENSOR_MEMORY_INFO(194),
    // OrtStatus* (OrtIoBinding*)
    SYNCHRONIZE_BOUND_INPUTS(202),
    // OrtStatus* (OrtSessionOptions*, const OrtCUDAProviderOptionsV2*)
    SESSION_OPTIONS_APPEND_EXECUTION_PROVIDER_CUDA_V2(204),
    // OrtStatus* (OrtCUDAProviderOptionsV2**)
    CREATE_CUDA_PROVIDER_OPTIONS(205),
    // OrtStatus* (OrtCUDAProviderOptionsV2*, const char* const*, const char* const*, size_t)
    UPDATE_CUDA_PROVIDER_OPTIONS(206),
    // void (OrtCUDAProviderOptionsV2*)
    RELEASE_CUDA_PROVIDER_OPTIONS(208),
    // void (const OrtMemoryInfo*, OrtMemoryInfoDeviceType*)
    MEMORY_INFO_GET_DEVICE_TYPE(225),
    // OrtStatus* (OrtValue*, size_t, size_t, char**)
    GET_RESIZED_STRING_TENSOR_ELEMENT_BUFFER(252),
    // bool (const OrtTensorTypeAndShapeInfo*)
    TENSOR_TYPE_AND_SHAPE_HAS_SHAPE(390);

    private final int index;

    OrtFunction(int index) {
        this.index = index;
    }

    int index() {
        return index;
    }
}
