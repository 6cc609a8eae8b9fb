import type { DescMethod } from '@bufbuild/protobuf';
import type { AnyService } from '@meridian/components/model/service.ts';
import type { AccessRow } from '@meridian/language/access.ts';

/** A row of a table of access, with the method that it is about. */
export interface MethodRow {
  readonly method: DescMethod;
  readonly row: AccessRow;
}

/** The rows of a service, in the order of its contract. */
export function accessRows({ access, contract }: AnyService): readonly MethodRow[] {
  return (contract?.methods ?? []).flatMap((method) => {
    const row = access[method.localName];
    return row === undefined ? [] : [{ method, row }];
  });
}
