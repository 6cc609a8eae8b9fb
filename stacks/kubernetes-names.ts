/** A name of a Kubernetes object (RFC 1123 subdomain). */
export const OBJECT_NAME =
  /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/** A value of a Kubernetes label that has one. Source: k8s.io/apimachinery, IsValidLabelValue. */
export const LABEL_VALUE = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
