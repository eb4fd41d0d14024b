package io.trc.cli;

import io.trc.Trc;
import io.trc.cli.Arguments.Mode;
import io.trc.files.Leftover;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the files that the operands stand for, and says of the others why they are left out. */
final class Inputs {
  private final Arguments arguments;
  private final Messages messages;
  private final List<Input> found = new ArrayList<>();

  Inputs(Arguments arguments, Messages messages) {
    this.arguments = arguments;
    this.messages = messages;
  }

  /** All files of an operand. A folder's are known before the first is written beside them. */
  List<Input> of(String operand) {
    found.clear();
    if (operand.equals("-")) {
      found.add(Input.STDIN);
    } else if (operand.isEmpty()) {
      messages.error("'': a file's name is empty, skipped");
    } else if (!Names.isWhole(operand)) {
      messages.error(operand + ": " + Names.REFUSAL);
    } else {
      try {
        add(Path.of(operand));
      } catch (InvalidPathException | IOException e) {
        messages.error(operand, e);
      }
    }
    return List.copyOf(found);
  }

  private void add(Path path) throws IOException {
    boolean anything = arguments.force() || arguments.named();
    BasicFileAttributes attributes =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (attributes.isSymbolicLink()) {
      if (!anything) {
        messages.skipped(path.toString(), "is a symbolic link, skipped (use -f)");
        return;
      }
      attributes = Files.readAttributes(path, BasicFileAttributes.class);
    }
    int descriptor = Route.of(path).descriptor();
    if (descriptor == 0 && arguments.mode() != Mode.LIST) {
      found.add(new Input(null, path.toString(), -1));
      return;
    }
    if (descriptor == 0 || descriptor == 1) {
      messages.error(path + ": is a standard stream, which cannot be read so");
      return;
    }
    if (attributes.isDirectory()) {
      if (arguments.recursive()) {
        addFolder(path);
      } else {
        messages.error(path + ": is a directory, skipped (use -r)");
      }
    } else if (attributes.isOther() && !anything) {
      messages.skipped(path.toString(), "is not a regular file, skipped (use -f)");
    } else if (attributes.isOther() && arguments.mode() == Mode.LIST) {
      messages.error(path + ": is not a regular file");
    } else if (fits(path)) {
      found.add(new Input(path, attributes.isRegularFile() ? attributes.size() : -1));
    }
  }

  /** True unless the name forbids to give the output one. */
  private boolean fits(Path path) {
    if (arguments.named()) {
      return true;
    }
    boolean compressed = isCompressed(path);
    if (arguments.mode() == Mode.COMPRESS && compressed && !arguments.force()) {
      messages.skipped(
          path.toString(), "already has the suffix " + Trc.SUFFIX + ", skipped (use -f)");
      return false;
    }
    if (arguments.mode() == Mode.DECOMPRESS && !compressed) {
      messages.error(
          path
              + ": has not the suffix "
              + Trc.SUFFIX
              + ", skipped (name the output with -o or -c)");
      return false;
    }
    return true;
  }

  static boolean isCompressed(Path path) {
    String name = name(path);
    return name.endsWith(Trc.SUFFIX) && name.length() > Trc.SUFFIX.length();
  }

  private static String name(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }

  private void addFolder(Path folder) throws IOException {
    List<Input> inside = new ArrayList<>();
    Path real = folder.toRealPath(); // a walk does not follow the link that it starts with
    Files.walkFileTree(
        real,
        new SimpleFileVisitor<Path>() {
          private Path named(Path file) {
            return folder.resolve(real.relativize(file));
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            boolean wanted = isCompressed(file) != (arguments.mode() == Mode.COMPRESS);
            if (attributes.isRegularFile() && wanted && !Leftover.isOne(name(file))) {
              if (Names.isWhole(named(file))) {
                inside.add(new Input(named(file), attributes.size()));
              } else {
                messages.error(named(file) + ": " + Names.REFUSAL);
              }
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure) {
            messages.error(named(file).toString(), failure);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) {
            if (failure != null) {
              messages.error(named(visited).toString(), failure);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    inside.sort(Comparator.comparing(Input::name));
    found.addAll(inside);
  }
}
