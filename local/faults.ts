import * as z from "zod/mini";

const emulatedServices = ["dynamodb", "kms"] as const;
export type EmulatedService = (typeof emulatedServices)[number];

/** What goes wrong between the functions and an emulated service, until it is set to `none`. */
export const Fault = z.strictObject({
  service: z.enum(emulatedServices),
  /**
   * lose-response: the service acts, the caller never hears of it. throttle, error: AWS's own
   * answers. conflict: another transaction holds the items (DynamoDB writes only). latency: slower.
   */
  mode: z.enum(["lose-response", "throttle", "error", "conflict", "latency", "none"]),
  /** Share of the calls it hits, from 0 to 1. */
  rate: z._default(z.number().check(z.minimum(0), z.maximum(1)), 1),
  /** Hits that many calls and is over. */
  times: z.optional(z.int().check(z.positive())),
  delayMs: z._default(z.number().check(z.minimum(0), z.maximum(60_000)), 100),
  /** The one operation it hits, such as `UpdateItem`; all of them unless said. */
  operation: z.optional(z.string()),
});
export type Fault = z.output<typeof Fault>;
export type FaultInput = z.input<typeof Fault>;

export type ActiveFault = Pick<Fault, "mode" | "delayMs">;

export interface FaultPlan {
  /** @throws ZodError when it does not fit the shape */
  set: (fault: FaultInput) => void;
  /** Draws whether the call about to be made is hit. */
  draw: (service: EmulatedService, operation: string) => ActiveFault | undefined;
}

/** Which faults are active; one per service and operation, the more specific one first. */
export function createFaultPlan(random: () => number = Math.random): FaultPlan {
  const faults = new Map<string, Fault>();
  const keyOf = (service: string, operation = "*") => `${service}.${operation}`;

  const set = (input: FaultInput): void => {
    const fault = z.parse(Fault, input);
    const key = keyOf(fault.service, fault.operation);
    if (fault.mode !== "none") faults.set(key, fault);
    else if (fault.operation) faults.delete(key);
    else
      for (const other of faults.keys())
        if (other.startsWith(`${fault.service}.`)) faults.delete(other);
  };

  const draw = (service: EmulatedService, operation: string): ActiveFault | undefined => {
    const key = [keyOf(service, operation), keyOf(service)].find((candidate) =>
      faults.has(candidate),
    );
    const fault = key === undefined ? undefined : faults.get(key);
    if (!key || !fault || random() >= fault.rate) return undefined;
    if (fault.times !== undefined) {
      if (fault.times === 1) faults.delete(key);
      else faults.set(key, { ...fault, times: fault.times - 1 });
    }
    return fault;
  };

  return { set, draw };
}
