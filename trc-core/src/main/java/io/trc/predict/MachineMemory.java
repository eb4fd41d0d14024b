package io.trc.predict;

import com.sun.management.OperatingSystemMXBean;
import io.trc.TrcEngineException;
import java.lang.management.ManagementFactory;

/** The memory of the machine, which native code takes without asking Java. */
public final class MachineMemory {
  private MachineMemory() {}

  /**
   * Refuses what is more than there is: native code that runs out of memory ends the process, or
   * the system does.
   *
   * @param what the subject of the message
   */
  public static void check(String what, long bytes) throws TrcEngineException {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        && bytes > system.getTotalMemorySize()) {
      throw new TrcEngineException(
          what
              + " would take "
              + (bytes >> 20)
              + " MiB of memory; the machine has "
              + (system.getTotalMemorySize() >> 20));
    }
  }
}
