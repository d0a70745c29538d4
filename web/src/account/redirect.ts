/** The page after sign-in: `?next=/checkout`, and never another site. */
export function redirectTarget(params: URLSearchParams): string {
  const next = params.get('next') ?? '/';
  return /^\/(?![/\\])/.test(next) ? next : '/';
}
