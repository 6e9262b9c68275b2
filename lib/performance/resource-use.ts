/** What the environment used since the last reading; of concurrent invocations, all together. */
export interface ResourceUse {
  /** Largest resident memory of the process so far, in MB. */
  memoryMb: number;
  /** User and system CPU time. */
  cpuMs: number;
  /** Time in which the event loop was busy: the most that any other callback had to wait. */
  eventLoopBusyMs: number;
}

/** Reads the runtime's own counters, about a microsecond per reading. */
export function resourceMeter(): () => ResourceUse {
  let cpuBeforeMs = 0;
  let busyBeforeMs = 0;
  return () => {
    const { maxRSS: memoryKb, userCPUTime, systemCPUTime } = process.resourceUsage();
    const cpuNowMs = (userCPUTime + systemCPUTime) / 1000;
    const busyNowMs = performance.eventLoopUtilization().active;
    const use = {
      memoryMb: memoryKb / 1024,
      cpuMs: cpuNowMs - cpuBeforeMs,
      eventLoopBusyMs: busyNowMs - busyBeforeMs,
    };
    cpuBeforeMs = cpuNowMs;
    busyBeforeMs = busyNowMs;
    return use;
  };
}
