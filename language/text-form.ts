/** What a text must be, in one file of a binding or one value of a configuration. */
export interface TextForm {
  /** A regular expression, or whatever else can tell. */
  readonly fits: { test(text: string): boolean };
  /** What fits, in words: 'a SPIFFE ID such as …'. */
  readonly allowed: string;
}

/** Any text but an empty one. */
export const NOT_EMPTY: TextForm = { fits: /./, allowed: 'a non-empty string' };

/** A label of RFC 1123 that starts with a letter: names of services, zones and instances. */
export const LABEL: TextForm = {
  fits: /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/,
  allowed: 'a lower-case name of letters, digits and hyphens',
};

/** The number of a TCP port where it is a text. */
export const PORT: TextForm = {
  fits: { test: (text) => /^[1-9][0-9]{0,4}$/.test(text) && Number(text) <= 65_535 },
  allowed: 'a whole number from 1 to 65535',
};

const IPV4 = /^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(?!$)|$)){4}$/;

/** An IP address, never a name. */
export const IP_ADDRESS: TextForm = {
  // A URL takes in brackets what is an IPv6 address, and nothing else: WHATWG URL, "host parsing".
  fits: { test: (text) => IPV4.test(text) || URL.canParse(`http://[${text}]`) },
  allowed: 'an IP address',
};
