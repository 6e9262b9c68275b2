/** One way of counting against a limit; answers whether the unit was admitted. */
export interface Contender {
  name: string;
  /** Charges one unit; each call is a request of its own. */
  charge: () => Promise<boolean>;
  /** Units on record; absent where nothing limits. */
  stored?: () => Promise<number>;
}

/** Makes a contender with a counter of its own. */
export type MakeContender = (limit: number) => Promise<Contender>;
