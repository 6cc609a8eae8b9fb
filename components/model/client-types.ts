import type { Topic } from '@meridian/language/topic.ts';
import type { Call } from './call.ts';

/** Whatever declares calls: a service or a task. */
export interface Caller {
  readonly calls: readonly Call[];
}

/** The names of the services that a declaration calls. */
export type CalleeName<Declaration extends Caller> =
  Declaration['calls'][number]['service']['name'];

/** The call of a declaration to the service of that name. */
export type CallTo<Declaration extends Caller, Name extends string> = Extract<
  Declaration['calls'][number],
  { readonly service: { readonly name: Name } }
>;

/** The contract of a callee; type parameter of the kit's client. */
export type CalleeContract<Declaration extends Caller, Name extends string> = CallTo<
  Declaration,
  Name
>['service']['contract'];

/** The methods of a callee that the declaration may call; all others do not compile. */
export type CalleeMethod<Declaration extends Caller, Name extends string> = CallTo<
  Declaration,
  Name
>['methods'][number];

/** The names of a declaration's binding folders for its stores of one kind. */
export type StoreBinding<
  Declaration extends { readonly stores: readonly { kind: string; binding: string }[] },
  Kind extends Declaration['stores'][number]['kind'],
> = Extract<Declaration['stores'][number], { readonly kind: Kind }>['binding'];

/** The topics that a declaration publishes; `never` for one that publishes nothing. */
export type PublishedTopic<Declaration> = Declaration extends {
  readonly publishes: readonly (infer Published extends Topic)[];
}
  ? Published
  : never;

/** The topics that a declaration consumes; `never` for one that consumes nothing. */
export type ConsumedTopic<Declaration> = Declaration extends {
  readonly consumes: readonly (infer Consumed extends Topic)[];
}
  ? Consumed
  : never;
