import type { AnyDesc, DescService } from '@bufbuild/protobuf';

/**
 * Comments of .proto elements by full name: `meridian.catalog.v1.Product.price`. Generated code has
 * none, so they are extracted when contracts are generated and committed as gen/comments.json.
 */
export type Comments = Readonly<Record<string, string>>;

/** The full name of an element: the key of its comment. */
export function fullName(desc: Exclude<AnyDesc, { kind: 'file' | 'extension' }>): string {
  switch (desc.kind) {
    case 'message':
    case 'enum':
    case 'service':
      return desc.typeName;
    case 'enum_value':
    case 'field':
    case 'oneof':
    case 'rpc':
      return `${desc.parent.typeName}.${desc.name}`;
  }
}

/** The part of a comment that fits a heading: up to its first full stop, semicolon or colon. */
export function firstSentence(comment: string): string {
  return (/^.*?[.;:](?=\s|$)/s.exec(comment)?.[0] ?? comment).replace(/[.;:]$/, '');
}

/** A service's name for readers: `CatalogService` is `Catalog`. */
export function tagOf(service: DescService): string {
  return service.name.replace(/Service$/, '');
}
