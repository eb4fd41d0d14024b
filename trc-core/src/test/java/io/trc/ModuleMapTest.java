package io.trc;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The module map of the README, as a test: which package may use which. The exceptions of io.trc
 * are everybody's.
 */
class ModuleMapTest {
  private static final Map<String, List<String>> MAY_USE =
      new TreeMap<>(
          Map.of(
              "io.trc",
              List.of(
                  "io.trc.container",
                  "io.trc.block",
                  "io.trc.predict",
                  "io.trc.predict.llama",
                  "io.trc.predict.portable",
                  "io.trc.files",
                  "io.trc.model"),
              "io.trc.files",
              List.of(),
              "io.trc.container",
              List.of(),
              "io.trc.block",
              List.of(
                  "io.trc.predict",
                  "io.trc.entropy",
                  "io.trc.entropy.huffman",
                  "io.trc.entropy.range",
                  "org.tukaani.xz"),
              "io.trc.predict",
              List.of(),
              "io.trc.predict.llama",
              List.of(
                  "io.trc.predict",
                  "io.trc.files",
                  "com.sun.jna",
                  "com.sun.jna.ptr",
                  "com.sun.management"),
              "io.trc.predict.portable",
              List.of("io.trc.predict"),
              "io.trc.entropy",
              List.of(),
              "io.trc.entropy.huffman",
              List.of("io.trc.entropy"),
              "io.trc.entropy.range",
              List.of("io.trc.entropy")));

  private final JavaClasses code =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.trc");

  @TestFactory
  Stream<DynamicTest> everyPackageUsesOnlyWhatTheMapAllows() {
    return MAY_USE.entrySet().stream()
        .map(
            room ->
                DynamicTest.dynamicTest(
                    room.getKey(),
                    () ->
                        classes()
                            .that()
                            .resideInAPackage(room.getKey())
                            .should()
                            .onlyDependOnClassesThat(allowed(room.getKey(), room.getValue()))
                            .check(code)));
  }

  @Test
  void everyPackageIsOnTheMap() {
    assertThat(code.stream().map(JavaClass::getPackageName).distinct())
        .filteredOn(name -> !name.equals("io.trc.model"))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(MAY_USE).containsKey(name));
  }

  private static DescribedPredicate<JavaClass> allowed(String self, List<String> others) {
    String[] packages =
        Stream.concat(Stream.of(self, "java..", "org.jspecify.annotations"), others.stream())
            .toArray(String[]::new);
    DescribedPredicate<JavaClass> exceptions =
        resideInAPackage("io.trc").and(assignableTo(TrcException.class));
    DescribedPredicate<JavaClass> primitives =
        DescribedPredicate.describe(
            "a primitive", type -> type.isPrimitive() || type.getBaseComponentType().isPrimitive());
    DescribedPredicate<JavaClass> listed = resideInAnyPackage(packages);
    DescribedPredicate<JavaClass> arrays =
        DescribedPredicate.describe(
            "an array of such", type -> type.isArray() && listed.test(type.getBaseComponentType()));
    return listed.or(exceptions).or(primitives).or(arrays).as(Arrays.toString(packages));
  }
}
