/**
 * The clause for a bound limit. SQLite looks at the value of a bare `LIMIT ?` to plan the statement, and so plans it
 * anew each time one is bound, which doubles the cost of a read of one row; at that of an expression it doesn't look.
 */
export const LIMIT = 'LIMIT ? + 0';
