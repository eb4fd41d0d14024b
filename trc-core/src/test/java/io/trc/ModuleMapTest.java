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
 * and the names of the engines are everybody's.
 */
class ModuleMapTest {
  private static final Map<String, List<String>> MAY_USE =
      new TreeMap<>(
          Map.ofEntries(
              room(
                  "io.trc",
                  "member",
                  "block",
                  "mix",
                  "models",
                  "strings",
                  "container",
                  "gguf",
                  "predict",
                  "files"),
              room("io.trc.member", "block", "mix", "container", "models", "predict"),
              room(
                  "io.trc.block",
                  "text",
                  "mix",
                  "container",
                  "predict",
                  "entropy.*",
                  "org.tukaani.xz"),
              room("io.trc.text", "predict", "entropy"),
              room(
                  "io.trc.strings",
                  "mix",
                  "text",
                  "predict",
                  "entropy",
                  "entropy.range",
                  "org.tukaani.xz"),
              room("io.trc.mix", "text", "predict", "entropy.range"),
              room(
                  "io.trc.models",
                  "predict",
                  "predict.kernels",
                  "predict.llama",
                  "predict.portable",
                  "gguf",
                  "container",
                  "files",
                  "io.trc.model"),
              room("io.trc.container"),
              room("io.trc.gguf", "predict"),
              room("io.trc.predict", "com.sun.management"),
              room(
                  "io.trc.predict.llama",
                  "predict",
                  "gguf",
                  "files",
                  "com.sun.jna",
                  "com.sun.jna.ptr"),
              room("io.trc.predict.portable", "predict", "gguf"),
              room(
                  "io.trc.predict.kernels",
                  "predict",
                  "gguf",
                  "files",
                  "io.trc.kernels",
                  "com.sun.jna"),
              room("io.trc.entropy"),
              room("io.trc.entropy.huffman", "entropy"),
              room("io.trc.entropy.range", "entropy"),
              room("io.trc.files")));

  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.trc");

  private static Map.Entry<String, List<String>> room(String name, String... others) {
    return Map.entry(name, Arrays.stream(others).map(ModuleMapTest::qualified).toList());
  }

  private static String qualified(String room) {
    boolean foreign = room.startsWith("com.") || room.startsWith("org.") || room.startsWith("io.");
    return foreign ? room : "io.trc." + room;
  }

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
                            .check(CODE)));
  }

  @Test
  void everyPackageIsOnTheMap() {
    assertThat(CODE.stream().map(JavaClass::getPackageName).distinct())
        .filteredOn(name -> !List.of("io.trc.model", "io.trc.kernels").contains(name))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(MAY_USE).containsKey(name));
  }

  private static DescribedPredicate<JavaClass> allowed(String self, List<String> others) {
    String[] packages =
        Stream.concat(Stream.of(self, "java..", "org.jspecify.annotations"), others.stream())
            .toArray(String[]::new);
    DescribedPredicate<JavaClass> exceptions =
        resideInAPackage("io.trc")
            .and(assignableTo(TrcException.class).or(assignableTo(TrcEngine.class)));
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
