// The editor's button "Cite sources": one choice puts several citations behind the words that are selected.
(function () {
  "use strict";

  const { EditorState, Modifier } = window.DraftJS;
  const { createElement } = window.React;

  function behind(selection) {
    const end = { key: selection.getEndKey(), offset: selection.getEndOffset() };
    return selection.merge({
      anchorKey: end.key, anchorOffset: end.offset, focusKey: end.key, focusOffset: end.offset, isBackward: false,
    });
  }

  // The citation that is to go: taken out as words, since Draftail's own "Remove" would leave its label in the text.
  let removed = null;

  class CitationSource extends window.draftail.ModalWorkflowSource {
    componentDidMount() {
      const { editorState, entityKey, onComplete } = this.props;
      if (!entityKey || entityKey !== removed) { super.componentDidMount(); return; }
      removed = null;
      const content = Modifier.removeRange(
        editorState.getCurrentContent(), editorState.getSelection(), "backward");
      onComplete(EditorState.push(editorState, content, "remove-range"));
    }

    getChooserConfig() {
      return {
        url: this.props.entityType.chooserUrls.sources,
        urlParams: { multiple: "1" },
        onload: window.CHOOSER_MODAL_ONLOAD_HANDLERS,
        responses: { chosen: this.onChosen },
      };
    }

    // Of a citation that is being changed, the new ones take the place; else nothing that was written is replaced.
    onChosen(sources) {
      const { editorState, entity, entityType, onComplete } = this.props;
      let content = editorState.getCurrentContent();
      let place = entity ? editorState.getSelection() : behind(editorState.getSelection());
      sources.forEach(({ id, label }) => {
        content = content.createEntity(entityType.type, "IMMUTABLE", { id });
        content = Modifier.replaceText(content, place, `[${label}]`, null, content.getLastCreatedEntityKey());
        place = content.getSelectionAfter();
      });
      this.workflow.close();
      onComplete(EditorState.push(editorState, content, "insert-characters"));
    }
  }

  const icon = createElement(window.wagtail.components.Icon, { name: "openquote" });

  function Citation(props) {
    const onRemove = (entityKey) => { removed = entityKey; props.onEdit(entityKey); };
    return createElement(window.draftail.TooltipEntity, { ...props, onRemove, icon, label: "" });
  }

  window.draftail.registerPlugin({ type: "SOURCE", source: CitationSource, decorator: Citation });
})();
