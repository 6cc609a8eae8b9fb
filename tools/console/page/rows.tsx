import type { ComponentChildren, JSX } from 'preact';

/** A column of a table: what it is called, and what it has of each row. */
export interface Column<T> {
  readonly head: string;
  readonly of: (row: T) => ComponentChildren;
  /** Whether it names the row. @default false */
  readonly names?: boolean;
  /** The class of its cell. @default none */
  readonly look?: (row: T) => string;
}

/** A table. Where there is no room for a row of heads, each cell says its own (main.css). */
export function Rows<T>({
  caption,
  columns,
  rows,
  keyOf,
  look,
  class: own = '',
}: {
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T, position: number) => string | number;
  /** The class of a row. @default none */
  readonly look?: (row: T) => string;
  readonly class?: string;
}): JSX.Element {
  return (
    <table class={`rows ${own}`}>
      <caption>{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ head }) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, position) => (
          <tr key={keyOf(row, position)} class={look?.(row)}>
            {columns.map((column) => (
              <Cell key={column.head} column={column} row={row} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell<T>({ column, row }: { readonly column: Column<T>; readonly row: T }): JSX.Element {
  const { head, of, names = false, look } = column;
  if (names) return <th scope="row">{of(row)}</th>;
  return (
    <td data-label={head} class={look?.(row)}>
      {of(row)}
    </td>
  );
}
