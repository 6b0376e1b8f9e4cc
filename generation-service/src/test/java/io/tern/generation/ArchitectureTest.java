package io.tern.generation;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.tern.generation", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String SERVICE = "io.tern.generation.service..";
    // The generated messages live in a package of the same stem: io.tern.generation.v1.
    private static final String MESSAGES = "io.tern.generation.v1..";

    @ArchTest
    static final ArchRule engineIsPlainJava = noClasses()
            .that()
            .resideOutsideOfPackages(SERVICE, MESSAGES)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.springframework..",
                    "io.grpc..",
                    "com.google.protobuf..",
                    "io.tern.*.v1..",
                    "io.tern.serving..",
                    "io.tern.jobs..",
                    "io.tern.wire..",
                    "org.apache.kafka..");

    @ArchTest
    static final ArchRule onlyModelsRunGraphs = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.tern.generation.pipeline..",
                    "io.tern.generation.latent..",
                    "io.tern.generation.graph..",
                    SERVICE,
                    MESSAGES)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.tern.onnx..");

    @ArchTest
    static final ArchRule samplersKnowOnlyTheField = classes()
            .that()
            .resideInAPackage("io.tern.generation.sampler..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.tern.generation.sampler..",
                    "io.tern.generation.schedule..",
                    "io.tern.generation.score..",
                    "io.tern.generation.noise..",
                    "io.tern.generation.linear..",
                    "io.tern.tensor..",
                    "io.tern.base..",
                    "java..",
                    "org.jspecify..");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.tern.generation.(*)..").should().beFreeOfCycles();
}
