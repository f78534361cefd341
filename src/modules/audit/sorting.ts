/** Something to be looked at together with everything else of its group. */
export interface Sortable {
  readonly group: string;
  readonly value: string;
}

/** All values of one group, in the order in which they were added. */
export interface SortedGroup {
  readonly group: string;
  readonly values: readonly string[];
  /** How many there are, more than `values` when it was cut. */
  readonly count: number;
}

/** Puts what a scan finds in order, outside memory: what belongs together lies anywhere in the register. */
export interface Sorting {
  add(some: readonly Sortable[]): void;
  /**
   * Every group once, in an order that depends on their names alone; after the one of this name, if given. In pieces
   * that are a matter of milliseconds each, some of them empty.
   * @param maxValues of a group; those beyond are counted
   */
  groups(after: string | null, maxValues: number): Iterable<readonly SortedGroup[]>;
  close(): void;
}

/** Opens a sorting of its own that holds nothing. */
export type OpenSorting = () => Sorting;
