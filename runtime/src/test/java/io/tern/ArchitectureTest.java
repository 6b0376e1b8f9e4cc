package io.tern;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final JavaClasses main = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.tern");

    @Test
    void nativeCodeIsCalledFromOnePackageOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.tern.onnx")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Linker.class, SymbolLookup.class)
                .orShould()
                .callMethodWhere(target(name("reinterpret")).and(target(owner(assignableTo(MemorySegment.class)))))
                .check(main);
    }

    @Test
    void microsoftsJavaApiIsForTestsOnly() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.onnxruntime..")
                .check(main);
    }

    @Test
    void packagesDependInOneDirection() {
        noClasses()
                .that()
                .resideInAPackage("io.tern.base..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.tern.tensor..", "io.tern.onnx..")
                .check(main);
        noClasses()
                .that()
                .resideInAPackage("io.tern.tensor..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.tern.base..", "io.tern.onnx..")
                .check(main);
    }
}
