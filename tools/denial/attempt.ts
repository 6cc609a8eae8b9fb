/** What is needed to speak TLS as somebody; without certificate and key, as nobody. */
export interface TlsMaterial {
  readonly ca: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** Somebody who tries: a service, a task, the edge, or nobody at all. */
export interface Principal {
  /** Name in the graph, or what it is, such as 'nobody'. */
  readonly name: string;
  /** The service, task or engine whose process has the certificate. */
  readonly holder?: string;
  /** The common name that the graph gives the certificate, if any: engines go by it. */
  readonly commonName?: string;
  readonly tls: TlsMaterial;
}

/** Where a server listens. */
export interface Server {
  readonly host: string;
  readonly port: number;
}

/**
 * How an access ended. `unclear` is neither: nobody answered, or the answer does not say; it never
 * counts as a refusal, so that a server that is away cannot look like one that is strict.
 */
export interface Outcome {
  readonly verdict: 'admitted' | 'refused' | 'unclear';
  /** What the server said. */
  readonly detail: string;
}

/** One access that is tried for real, and whether the graph declares it. */
export interface Attempt {
  readonly engine: 'https' | 'grpc' | 'postgresql' | 'redis' | 'kafka' | 'elasticsearch';
  /** Name of the principal. */
  readonly caller: string;
  /** The service or engine object, such as 'catalog' or 'database catalog'. */
  readonly object: string;
  /** The method, statement or operation. */
  readonly action: string;
  readonly declared: boolean;
  readonly carryOut: () => Promise<Outcome>;
}

/** One access with how it ended. */
export interface Cell extends Omit<Attempt, 'carryOut'>, Outcome {
  readonly asDeclared: boolean;
}

/** The accesses that run at once: enough to be quick, too few to be shed as overload. */
const CONCURRENCY = 8;

/** Carries out every attempt; the cells are in the order of the attempts. */
export async function carryOutAll(attempts: readonly Attempt[]): Promise<readonly Cell[]> {
  const cells: Cell[] = [];
  const waiting = attempts.entries();
  const worker = async (): Promise<void> => {
    for (const [index, { carryOut, ...attempt }] of waiting) {
      const outcome = await carryOut();
      const asDeclared = outcome.verdict === (attempt.declared ? 'admitted' : 'refused');
      cells[index] = { ...attempt, ...outcome, asDeclared };
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return cells;
}
