"""Tables in Markdown."""


def markdown_table(head, rows):
    """Returns a table. A bar within a cell does not end the cell.

    Args:
      head: The titles of the columns.
      rows: List of rows, each with a cell for each column.
    """
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)
