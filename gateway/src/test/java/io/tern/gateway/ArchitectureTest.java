package io.tern.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.tern.gateway", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule knowsTheContractButNoServicesCode = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.tern.detection",
                    "io.tern.detection.service..",
                    "io.tern.generation",
                    "io.tern.generation.service..",
                    "io.tern.decoding",
                    "io.tern.decoding.service..",
                    "io.tern.onnx..",
                    "io.tern.text..",
                    "io.tern.imaging..",
                    "io.tern.catalogue..");

    @ArchTest
    static final ArchRule knowsNothingOfKafka =
            noClasses().should().dependOnClassesThat().resideInAPackage("org.apache.kafka..");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.tern.gateway.(*)..").should().beFreeOfCycles();
}
