package io.tern.imaging;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.tern.imaging", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule packagesFormNoCycle =
            slices().matching("io.tern.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule noFormatKnowsAnother = slices().matching("io.tern.imaging.(png|jpeg|webp|gif|bmp)")
            .should()
            .notDependOnEachOther();

    @ArchTest
    static final ArchRule picturesKnowNoFiles = noClasses()
            .that()
            .resideInAPackage("io.tern.imaging")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.tern.imaging.*..");
}
