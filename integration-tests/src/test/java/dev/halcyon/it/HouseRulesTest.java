package dev.halcyon.it;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.reflect.AccessibleObject;
import java.util.List;

/** The rules of the house: which part may know which, and what no part may do. */
@AnalyzeClasses(packages = "dev.halcyon", importOptions = ImportOption.DoNotIncludeTests.class)
final class HouseRulesTest {
    private static final String CPU = "dev.halcyon.cpu..";
    private static final String CUDA = "dev.halcyon.cuda..";
    private static final String FLOAT_VECTOR = "jdk.incubator.vector.FloatVector";
    private static final String CLI = "dev.halcyon.cli..";
    private static final String[] BACKENDS = {CPU, CUDA};
    private static final String[] MODELS = {"dev.halcyon.models..", CLI, "dev.halcyon.report.."};
    private static final String[] ALL_BUT_CORE = {CPU, CUDA, MODELS[0], MODELS[1], MODELS[2]};

    @ArchTest
    static final ArchRule coreDependsOnNoOtherModule = noClasses().that().resideOutsideOfPackages(ALL_BUT_CORE)
            .should().dependOnClassesThat().resideInAnyPackage(ALL_BUT_CORE);

    @ArchTest
    static final ArchRule cpuDependsOnCoreAlone = noClasses().that().resideInAPackage(CPU)
            .should().dependOnClassesThat().resideInAnyPackage(CUDA, MODELS[0], MODELS[1], MODELS[2]);

    @ArchTest
    static final ArchRule cudaDependsOnCoreAlone = noClasses().that().resideInAPackage(CUDA)
            .should().dependOnClassesThat().resideInAnyPackage(CPU, MODELS[0], MODELS[1], MODELS[2]);

    @ArchTest
    static final ArchRule modelsNeverNameABackend = noClasses().that().resideInAnyPackage(MODELS)
            .should().dependOnClassesThat().resideInAnyPackage(BACKENDS);

    @ArchTest
    static final ArchRule onlyCudaKnowsJCuda = noClasses().that().resideOutsideOfPackage(CUDA)
            .should().dependOnClassesThat().resideInAPackage("jcuda..");

    @ArchTest
    static final ArchRule onlyCpuKnowsTheVectorApi = noClasses().that().resideOutsideOfPackage(CPU)
            .should().dependOnClassesThat().resideInAPackage("jdk.incubator.vector..");

    /** Vectors of a second length keep the compiler from inlining the kernels of the first. */
    @ArchTest
    static final ArchRule floatsHaveOneVectorLength = noClasses().should().accessField(FLOAT_VECTOR, "SPECIES_64")
            .orShould().accessField(FLOAT_VECTOR, "SPECIES_128").orShould().accessField(FLOAT_VECTOR, "SPECIES_256")
            .orShould().accessField(FLOAT_VECTOR, "SPECIES_512").orShould().accessField(FLOAT_VECTOR, "SPECIES_MAX");

    @ArchTest
    static final ArchRule noUnsafe = noClasses()
            .should().dependOnClassesThat().resideInAnyPackage("sun..", "jdk.internal..");

    @ArchTest
    static final ArchRule noForcedAccess = noClasses().should().callMethodWhere(
            target(name("setAccessible")).or(target(name("trySetAccessible")))
                    .and(target(owner(JavaClass.Predicates.assignableTo(AccessibleObject.class)))));

    @ArchTest
    static final ArchRule onlyCommandsPrint = noClasses().that().resideOutsideOfPackage(CLI)
            .should().accessField(System.class, "out").orShould().accessField(System.class, "err")
            .orShould().callMethod(Throwable.class, "printStackTrace");

    /** Guards the rules above: they hold of nothing when the classes of a module are not found. */
    @ArchTest
    static void everyModuleWasRead(JavaClasses all) {
        for (String part : List.of("dev.halcyon.tensor", "dev.halcyon.cpu", "dev.halcyon.cuda", "dev.halcyon.models",
                "dev.halcyon.cli")) {
            assertTrue(all.stream().anyMatch(type -> type.getPackageName().equals(part)), "no class of " + part);
        }
    }
}
