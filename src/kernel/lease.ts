/** The right to do what only one process may do at a time, such as to run the relay. */
export interface Lease {
  readonly name: string;
  /** Empty once it was given back. */
  readonly holder: string;
  /** Grows by one with each taking, so that of two holders the later one can be told. */
  readonly token: number;
  /** Grows by one with each sign of life. */
  readonly beat: number;
}

/**
 * Leases as records. Nothing in them is a time: whoever wants one that is held watches whether it still beats, by its
 * own clock, so no two clocks are ever compared.
 */
export interface LeaseStore {
  /** Null when nobody has had it yet. */
  read(name: string): Promise<Lease | null>;
  /** Takes it over in the state in which it was `seen`; null when it has changed since, for instance by a beat. */
  take(name: string, holder: string, seen: Lease | null): Promise<Lease | null>;
  /** One beat more; null when somebody else has taken it. */
  renew(lease: Lease): Promise<Lease | null>;
  /** Gives it back, so that the next one need not wait; nothing when it is lost already. */
  release(lease: Lease): Promise<void>;
}
