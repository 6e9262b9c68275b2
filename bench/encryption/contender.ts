/** One way to seal and open the same data. */
export interface Contender {
  readonly name: string;
  readonly seal: () => unknown;
  readonly open: () => unknown;
}
