/** A small seeded generator (mulberry32): the same seed always trains the same model. */
export class RandomSource {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** A number in [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number in [low, high]. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)] as T;
  }

  /** `count` items, repetition allowed, joined by `separator`. */
  several(items: readonly string[], low: number, high: number, separator: string): string {
    return Array.from({ length: this.int(low, high) }, () => this.pick(items)).join(separator);
  }

  /** A made-up lower-case name. */
  name(): string {
    const syllables = [
      "ka",
      "lo",
      "mi",
      "ren",
      "tos",
      "va",
      "zu",
      "per",
      "qui",
      "dan",
      "fel",
      "gor",
      "hi",
      "jun",
      "bax",
      "wex",
    ];
    return this.several(syllables, 1, 3, "");
  }

  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.int(0, i);
      [items[i], items[j]] = [items[j] as T, items[i] as T];
    }
    return items;
  }
}
