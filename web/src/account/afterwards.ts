/** Where to go once somebody is signed in: `?next=/checkout`, but never off this site. */
export function afterwards(params: URLSearchParams): string {
  const next = params.get('next') ?? '/';
  return /^\/(?![/\\])/.test(next) ? next : '/';
}
