/** The clock of a stack: real time plus what it was advanced by. */
export interface StackClock {
  /** Epoch ms. */
  now: () => number;
  advance: (seconds: number) => void;
  /** `Date` as the functions see it: the global one, at this clock's time. */
  Date: DateConstructor;
}

export function createStackClock(): StackClock {
  let offsetMs = 0;
  const now = () => Date.now() + offsetMs;
  return {
    now,
    advance: (seconds) => {
      offsetMs += seconds * 1000;
    },
    Date: dateAt(now),
  };
}

/** A proxy rather than a subclass, so that `instanceof` holds for dates made on either side. */
const dateAt = (now: () => number): DateConstructor =>
  new Proxy(Date, {
    construct: (target, values, newTarget) =>
      Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget),
    apply: () => new Date(now()).toString(),
    get: (target, property) => (property === "now" ? now : Reflect.get(target, property)),
  });
