/** What is always the same about one way to fail. */
export interface ProblemDefinition {
  readonly status: number;
  readonly title: string;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
}

/** Ways to fail by their code. */
export type ProblemTable = Readonly<Record<string, ProblemDefinition>>;
