// Any address that is not a page.
import Link from 'next/link';

export default function NotFound() {
  return (
    <main className="mx-auto w-full max-w-[720px] px-6 py-10">
      <h1 className="text-lg font-semibold">There is no page at this address</h1>
      <p className="mt-2 text-muted">
        Hoplane has one page. If you followed a shared link, copy it whole: what it shares stands
        behind the # sign.
      </p>
      <Link href="/" className="mt-4 inline-block underline underline-offset-2">
        Open Hoplane
      </Link>
    </main>
  );
}
