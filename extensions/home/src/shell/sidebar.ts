import type { JupyterFrontEnd } from '@jupyterlab/application';
import { SidePanel } from '@jupyterlab/ui-components';
import { DisposableDelegate } from '@lumino/disposable';
import { AccordionPanel } from '@lumino/widgets';
import { strataIcon, SuiteWidget, type ISidebarSections, type SidebarSection, type SuiteContext } from '@stratalab/lab-kit';

export interface Sidebar extends ISidebarSections {
  readonly panel: SidePanel;
  /** Gives every open section a share of the height; Lab restores which ones are open, but one may come back without any height. */
  settle(): void;
}

/** Of the height; with less a section shows hardly more than its title. */
const leastShare = 0.2;

/** A section that was never open has no height of its own: when it opens, all open ones share the height. */
function shareHeight(content: AccordionPanel, index: number): void {
  const isOpen = content.widgets.map(widget => !widget.isHidden);
  if (isOpen[index] !== true || (content.relativeSizes()[index] ?? 0) >= leastShare) return;
  content.setRelativeSizes(isOpen.map(Number));
}

/** The one sidebar of the suite; sections stand in the order of their ranks and only the first is open at the beginning. */
export function createSidebar(shell: JupyterFrontEnd.IShell, suite: SuiteContext): Sidebar {
  const panel = new SidePanel({ translator: suite.translator });
  panel.id = 'stratalab-sidebar';
  panel.addClass('jp-Strata-sidebar');
  panel.title.icon = strataIcon;
  panel.title.caption = 'Stratalab';
  if (panel.content instanceof AccordionPanel) panel.content.expansionToggled.connect(shareHeight);
  const ranks: { readonly id: string; readonly rank: number }[] = [];

  const expand = (id: string): void => {
    const { content } = panel;
    const index = panel.widgets.findIndex(widget => widget.id === id);
    if (index >= 0 && content instanceof AccordionPanel) content.expand(index);
  };
  return {
    panel,
    add(section: SidebarSection) {
      const widget = new SuiteWidget({ id: section.id, suite, load: section.load });
      widget.title.label = section.title;
      if (section.icon !== undefined) widget.title.icon = section.icon;
      const after = ranks.findIndex(({ rank }) => rank > section.rank);
      const index = after < 0 ? ranks.length : after;
      ranks.splice(index, 0, section);
      panel.insertWidget(index, widget);
      if (section.rank > 0 && panel.content instanceof AccordionPanel) panel.content.collapse(index);
      return new DisposableDelegate(() => {
        ranks.splice(ranks.indexOf(section), 1);
        widget.dispose();
      });
    },
    reveal(id) {
      shell.activateById(panel.id);
      expand(id);
    },
    settle() {
      const { content } = panel;
      if (content instanceof AccordionPanel) content.widgets.forEach((_widget, index) => shareHeight(content, index));
    }
  };
}
