/** How many a page is to have at most: what the request says, which its contract bounds, or the default. */
export function pageSizeOf({ pageSize }: { readonly pageSize: number }, preset: number): number {
  return pageSize === 0 ? preset : pageSize;
}
