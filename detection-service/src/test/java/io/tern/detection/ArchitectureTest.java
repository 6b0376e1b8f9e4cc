package io.tern.detection;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = {"io.tern.detection", "io.tern.embedding", "io.tern.inference"},
        importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    /** The messages of the contract live in packages of the same roots. */
    private static final String[] MESSAGES = {
        "io.tern.detection.v1..", "io.tern.embedding.v1..", "io.tern.inference.v2.."
    };

    @ArchTest
    static final ArchRule onlyTheServicePackageKnowsTheServer = noClasses()
            .that()
            .resideOutsideOfPackages("..service..", MESSAGES[0], MESSAGES[1], MESSAGES[2])
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.springframework..",
                    "io.grpc..",
                    "com.google.protobuf..",
                    "io.micrometer..",
                    "io.tern.serving..",
                    "io.tern.jobs..",
                    "io.tern.wire..",
                    "io.tern.catalogue..",
                    "io.tern.model..",
                    MESSAGES[0],
                    MESSAGES[1],
                    MESSAGES[2]);

    @ArchTest
    static final ArchRule onlyOnnxClassesKnowOnnxRuntime = noClasses()
            .that()
            .haveSimpleNameNotStartingWith("Onnx")
            .and()
            .areTopLevelClasses()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.tern.onnx..");

    @ArchTest
    static final ArchRule packagesFormNoCycle =
            slices().matching("io.tern.(**)").should().beFreeOfCycles();
}
