/** The member of an OpenAPI request body that holds how many bytes it may have. The gateway reads it. */
export const BODY_LIMIT_EXTENSION = 'x-max-body-bytes';

/** Bytes for an operation without a request body: clients send `{}` or nothing along with a content type. */
export const NO_BODY_LIMIT = 1024;
