package io.tern.jobs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.tern.jobs", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule onlyOnePackageKnowsKafka = noClasses()
            .that()
            .resideOutsideOfPackage("io.tern.jobs.kafka..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "io.tern.jobs.kafka..");

    @ArchTest
    static final ArchRule nothingKnowsSpringOrTheTransportOfGrpc = noClasses()
            .that()
            .resideOutsideOfPackage("io.tern.jobs.v1..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "io.grpc..");

    @ArchTest
    static final ArchRule thePurePartKnowsNeitherFilesNorKafka = noClasses()
            .that()
            .resideInAPackage("io.tern.jobs")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.tern.jobs.artifact..", "io.tern.jobs.kafka..");
}
