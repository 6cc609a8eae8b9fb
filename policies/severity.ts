/** How much a change matters to whoever approves it: the highest among a review's findings is its verdict. */
export const LEVELS = ['danger', 'check', 'note'] as const;
export type Level = (typeof LEVELS)[number];

/** The sections of a report below its dangers and checks, in their order. */
export const SECTIONS = [
  'Paths and calls',
  'Data',
  'Zones and capacity',
  'Alerts and sight',
  'Policies',
  'Cost',
  'Not assessed',
] as const;
export type Section = (typeof SECTIONS)[number];

/** What is said of a kind of change. */
export interface Severity {
  readonly level: Level;
  /** In capitals, as a report begins its line. */
  readonly what: string;
  readonly section: Section;
  /** Why it is of this level. */
  readonly reason: string;
}

/**
 * Every kind of change that a review tells of. What fits none of them is an 'unknown-change', and so a check:
 * nobody has thought about it yet.
 */
export const SEVERITIES = {
  // Dangers: what cannot be taken back, or what somebody gains or loses without anybody noticing.
  'data-deleted': danger('DATA DELETED', 'Data', 'nothing brings it back but a backup'),
  'data-replaced': danger('DATA REPLACED', 'Data', 'what takes its place is empty'),
  'made-elsewhere': danger(
    'MADE ELSEWHERE',
    'Data',
    'what is there is left, and another is asked for',
  ),
  'data-unprotected': danger('UNPROTECTED', 'Data', 'the next mistake deletes it'),
  'backup-cut': danger('BACKUP CUT', 'Data', 'what is lost later is lost for good'),
  'retention-cut': danger('KEPT LESS LONG', 'Data', 'what is older than that is deleted'),
  'newly-reachable': danger('NEWLY REACHABLE', 'Paths and calls', 'somebody outside gets in'),
  'writer-added': danger('MAY WRITE', 'Paths and calls', 'one identity more changes data'),
  'sign-in-dropped': danger('NO SIGN-IN', 'Paths and calls', 'anybody may ask without an account'),
  'rights-for-all': danger('ALL RIGHTS', 'Paths and calls', 'a wildcard grows with every new kind'),
  'trust-changed': danger('TRUST CHANGED', 'Paths and calls', 'another authority says who is who'),
  'declared-otherwise': danger(
    'DEPLOYS OTHERWISE THAN DECLARED',
    'Paths and calls',
    'what is found by what it declares is not so',
  ),
  'condition-dropped': danger(
    'CONDITION DROPPED',
    'Paths and calls',
    'what had to be so for a change is asked no more',
  ),
  'images-elsewhere': danger(
    'IMAGES FROM ELSEWHERE',
    'Policies',
    'whoever has that registry runs his programs here',
  ),
  'zone-proof-lost': danger(
    'ZONE LOST',
    'Zones and capacity',
    'one zone can take the platform down',
  ),
  'page-lost': danger('PAGE LOST', 'Alerts and sight', 'nobody is woken by that fault any more'),
  'page-blind': danger('PAGE BLIND', 'Alerts and sight', 'whatever happens, it never fires'),
  'page-late': danger('PAGE LATE', 'Alerts and sight', 'users feel the fault for so much longer'),
  'page-rerouted': danger(
    'PAGE ELSEWHERE',
    'Alerts and sight',
    'another person is woken by it, or nobody',
  ),
  'policy-weakened': danger('POLICY WEAKENED', 'Policies', 'what it refused may be deployed'),
  'policy-broken': danger('POLICY BROKEN', 'Policies', 'what no stack may be deployed with'),
  'exception-widened': danger('EXCEPTION', 'Policies', 'a rule does not hold there for so long'),
  'judge-changed': danger(
    'JUDGE CHANGED',
    'Policies',
    'the next review is made by the changed one',
  ),
  'base-unusable': danger('NO BASE', 'Not assessed', 'it is reviewed against nothing'),
  // Checks: what a person has to have meant.
  'call-added': check('CALL ADDED', 'Paths and calls', 'a network policy and an allow-list open'),
  'call-removed': check('CALL REMOVED', 'Paths and calls', 'whoever still makes it is refused'),
  'route-added': check('ROUTE ADDED', 'Paths and calls', 'users get one method more'),
  'route-removed': check('ROUTE REMOVED', 'Paths and calls', 'its callers get 404'),
  'topic-added': check('TOPIC ADDED', 'Paths and calls', 'events go where none went'),
  'topic-removed': check('TOPIC REMOVED', 'Paths and calls', 'what it held and told ends'),
  'topic-changed': check('TOPIC CHANGED', 'Data', 'its order or copies are others'),
  'rights-added': check('RIGHTS ADDED', 'Paths and calls', 'an identity may do more'),
  'rights-removed': check('RIGHTS REMOVED', 'Paths and calls', 'what still needs them fails'),
  'external-changed': check(
    'SYSTEM OUTSIDE',
    'Paths and calls',
    'what leaves the platform changes',
  ),
  'network-opened': check('NETWORK OPENED', 'Paths and calls', 'connections arrive that did not'),
  'network-closed': check('NETWORK CLOSED', 'Paths and calls', 'connections that were made end'),
  'contract-broken': check('CONTRACT BROKEN', 'Paths and calls', 'a deployed caller asks for it'),
  'service-removed': check(
    'SERVICE REMOVED',
    'Paths and calls',
    'whatever it did is done by nobody',
  ),
  'store-changed': check('STORE CHANGED', 'Data', 'data are kept elsewhere or by other rules'),
  'migration-changed': check('MIGRATION', 'Data', 'a schema changes, and no rollback undoes it'),
  'objective-loosened': check('OBJECTIVE', 'Alerts and sight', 'its page comes later or never'),
  'alert-loosened': check('ALERT LOOSENED', 'Alerts and sight', 'it fires later, or wakes nobody'),
  'sight-lost': check('SIGHT LOST', 'Alerts and sight', 'less is seen of what happens'),
  'ticket-lost': check('TICKET LOST', 'Alerts and sight', 'nobody is told of that fault any more'),
  'engine-restarted': check('RESTARTED', 'Data', 'what holds state stops and begins again'),
  replaced: check('REPLACED', 'Zones and capacity', 'it is away until another is there'),
  'may-replace': check('MAY REPLACE', 'Not assessed', 'nobody wrote down whether it is replaced'),
  'capacity-down': check('CAPACITY', 'Zones and capacity', 'a zone carries a fifth less or worse'),
  'limits-changed': check(
    'LIMITS',
    'Zones and capacity',
    'it sheds or takes on work at another load',
  ),
  'cost-up': check('COST', 'Cost', 'a month costs a tenth more or worse'),
  'lockfile-changed': check('PACKAGES', 'Policies', 'code of others changes'),
  'trusted-code-changed': check('TRUSTED CODE', 'Not assessed', 'it runs with the rights of many'),
  'image-changed': check('IMAGE', 'Policies', 'another program runs'),
  'provider-changed': check('PROVIDER', 'Not assessed', 'another place or version is deployed to'),
  'pod-weakened': check('POD LESS SAFE', 'Policies', 'whoever breaks into it may do more'),
  'secret-changed': check('SECRET', 'Not assessed', 'what it holds cannot be compared'),
  'stack-new': check('NEW STACK', 'Not assessed', 'the base has none to hold it against'),
  'not-assessed': check('NOT ASSESSED', 'Not assessed', 'the judge does not know it'),
  'not-deterministic': check('TWO RESULTS', 'Not assessed', 'what is deployed may be a third'),
  'workflow-changed': check('WORKFLOW', 'Policies', 'what runs with rights on a merge changes'),
  'unknown-change': check('UNKNOWN', 'Not assessed', 'nobody has said what it does'),
  // Notes: what a person, a caller or somebody on call would notice.
  'service-added': note('service added', 'Paths and calls', 'there is one more'),
  'service-restarted': note('restarted', 'Zones and capacity', 'its replicas go one by one'),
  'contract-extended': note('contract', 'Paths and calls', 'callers may use more of it'),
  'code-changed': note('code', 'Not assessed', 'what a program does is not looked at'),
  'plan-changed': note('plan', 'Paths and calls', 'it has no code yet, and nothing of it runs'),
  'retention-extended': note('kept longer', 'Data', 'it takes more disk'),
  'scale-changed': note('scale', 'Zones and capacity', 'it carries more or grows otherwise'),
  'objective-tightened': note('objective tightened', 'Alerts and sight', 'its page comes sooner'),
  'alert-added': note('alert added', 'Alerts and sight', 'somebody is told of one fault more'),
  'alert-changed': note('alert changed', 'Alerts and sight', 'it says or asks something else'),
  'words-changed': note('words', 'Alerts and sight', 'what people read of it changes'),
  'object-added': note('object added', 'Zones and capacity', 'it holds nothing yet'),
  'object-removed': note('object removed', 'Zones and capacity', 'it held no data'),
  'object-changed': note('object changed', 'Zones and capacity', 'nothing restarts by it'),
  'cost-changed': note('cost', 'Cost', 'a month costs other than it did'),
  'policy-strengthened': note('policy', 'Policies', 'more is refused'),
} as const satisfies Readonly<Record<string, Severity>>;

/** A row of the table. */
export type ChangeKind = keyof typeof SEVERITIES;

function danger(what: string, section: Section, reason: string): Severity {
  return { level: 'danger', what, section, reason };
}

function check(what: string, section: Section, reason: string): Severity {
  return { level: 'check', what, section, reason };
}

function note(what: string, section: Section, reason: string): Severity {
  return { level: 'note', what, section, reason };
}
