package io.trc.nio;

import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Who may do what with a file of an archive.
 *
 * @param permissions the mode
 * @param owner the owner, by name, or by number where there is no name
 * @param group the group, likewise
 */
record Rights(Set<PosixFilePermission> permissions, UserPrincipal owner, GroupPrincipal group) {
  /** A folder that is there because of what is in it. */
  static final Rights UNTOLD_FOLDER = of(0755, new Owner("0"), new Group("0"));

  private record Owner(String name) implements UserPrincipal {
    @Override
    public String getName() {
      return name;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private record Group(String name) implements GroupPrincipal {
    @Override
    public String getName() {
      return name;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** The rights of a stored file. */
  static Rights of(PosixFileAttributes stored) {
    return new Rights(stored.permissions(), stored.owner(), stored.group());
  }

  /** The rights that a tar tells; an empty name is none. */
  static Rights of(int mode, String owner, long ownerId, String group, long groupId) {
    return of(
        mode,
        new Owner(owner.isEmpty() ? Long.toString(ownerId) : owner),
        new Group(group.isEmpty() ? Long.toString(groupId) : group));
  }

  private static Rights of(int mode, UserPrincipal owner, GroupPrincipal group) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] all = PosixFilePermission.values();
    for (int i = 0; i < all.length; i++) {
      if ((mode & (1 << (all.length - 1 - i))) != 0) {
        permissions.add(all[i]);
      }
    }
    return new Rights(Collections.unmodifiableSet(permissions), owner, group);
  }
}
