/** Members of an object as they are given to a provider. */
export type Fields = Readonly<Record<string, unknown>>;

/** An object of a cluster before it is made. */
export interface ClusterObject {
  /** Such as 'Rollout meridian/catalog', as reports name it. */
  readonly title: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Whether Pulumi refuses to delete it. */
  readonly isProtected: boolean;
  /** All that is given of it. */
  readonly fields: Fields;
}

interface RuleText {
  /** Lower case with hyphens, of at most 100 characters: Pulumi's engine names violations by it. */
  readonly id: string;
  /** What must hold. */
  readonly statement: string;
  /** What happens where it does not. */
  readonly reason: string;
  /** Where and how it is put right. */
  readonly fix: string;
}

/** A rule that one object alone keeps or breaks: the engine refuses it before it is made. */
export interface ObjectRule extends RuleText {
  /** What is wrong with the object, each with the place and the value given. */
  readonly problemsOf: (object: ClusterObject) => readonly string[];
}

/** A rule that objects keep together: the engine refuses the stack at the end of its preview. */
export interface StackRule extends RuleText {
  readonly problemsAmong: (objects: readonly ClusterObject[]) => readonly StackProblem[];
}

/** What is wrong, and which object is to be changed. */
export interface StackProblem {
  readonly object: ClusterObject;
  readonly problem: string;
}

export type Rule = ObjectRule | StackRule;
