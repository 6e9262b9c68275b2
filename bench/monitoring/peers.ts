/** The parts of the peers that are used here; they are no dependencies of this project. */
interface Prometheus {
  readonly Registry: new () => object;
  readonly Histogram: new (options: {
    name: string;
    help: string;
    registers: readonly object[];
  }) => { startTimer(): () => number };
}

interface Powertools {
  readonly MetricUnit: { readonly Milliseconds: string };
  readonly Metrics: new (options: {
    namespace: string;
    serviceName: string;
    defaultDimensions: Record<string, string>;
  }) => {
    console: { log: (line: string) => void; warn: () => void };
    addMetric(name: string, unit: string, value: number): void;
    publishStoredMetrics(): void;
  };
}

// Named in variables, so that type checking does not need the packages.
const prometheusName: string = "prom-client";
const powertoolsName: string = "@aws-lambda-powertools/metrics";

/** Times a call with prom-client's histogram; undefined where it is not installed. */
export async function prometheusTimer(): Promise<((run: () => unknown) => unknown) | undefined> {
  const loaded: { default: Prometheus } | undefined = await import(prometheusName).catch(
    () => undefined,
  );
  if (!loaded) return undefined;
  const { Histogram, Registry } = loaded.default;
  const histogram = new Histogram({ name: "calls", help: "calls", registers: [new Registry()] });
  return (run) => {
    const stop = histogram.startTimer();
    const result = run();
    stop();
    return result;
  };
}

/** Writes one metric line per call with Powertools; undefined where it is not installed. */
export async function powertoolsLine(
  write: (line: string) => void,
): Promise<((durationMs: number) => void) | undefined> {
  const loaded: Powertools | undefined = await import(powertoolsName).catch(() => undefined);
  if (!loaded) return undefined;
  const metrics = new loaded.Metrics({
    namespace: "bench",
    serviceName: "bench",
    defaultDimensions: { operation: "bench", stage: "bench" },
  });
  metrics.console = { log: write, warn: () => undefined };
  return (durationMs) => {
    metrics.addMetric("durationMs", loaded.MetricUnit.Milliseconds, durationMs);
    metrics.publishStoredMetrics();
  };
}
