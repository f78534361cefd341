/** A party somebody asked to watch, out of one FollowTheMoney entity. Countries are upper-case alpha-2 codes. */
export interface WatchedParty {
  readonly id: string;
  readonly schema: string;
  /** Every spelling, the main one first; at least one. */
  readonly names: readonly string[];
  readonly countries: readonly string[];
  readonly topics: readonly string[];
}
