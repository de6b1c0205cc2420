import * as React from 'react';

/** Is any part of the element on the screen? For content that costs something while it is mounted. */
export function useVisible(element: React.RefObject<Element | null>): boolean {
  const [isVisible, setVisible] = React.useState(false);
  React.useEffect(() => {
    if (element.current === null) return undefined;
    const observer = new IntersectionObserver(entries => setVisible(entries.some(entry => entry.isIntersecting)));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return isVisible;
}
