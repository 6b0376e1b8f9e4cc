package io.tern.decoding;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.tern.decoding", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String SERVICE = "io.tern.decoding.service..";
    // The generated messages live in a package of the same stem: io.tern.decoding.v1.
    private static final String MESSAGES = "io.tern.decoding.v1..";

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
    static final ArchRule onlyModelsAndHeadsRunGraphs = noClasses()
            .that()
            .resideOutsideOfPackages("io.tern.decoding.model..", "io.tern.decoding.head..", SERVICE, MESSAGES)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.tern.onnx..");

    @ArchTest
    static final ArchRule draftersDoNotKnowWhatBecomesOfTheirDrafts = noClasses()
            .that()
            .resideInAPackage("io.tern.decoding.draft..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.tern.decoding.verify..");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.tern.decoding.(*)..").should().beFreeOfCycles();
}
