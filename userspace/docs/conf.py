# SPDX-License-Identifier: GPL-2.0
"""What Sphinx has to know: see htmldocs."""

# pylint: disable=invalid-name
project = 'devmap for Linux'
html_theme = 'alabaster'
# The pages stand on their own, also where a file is opened from a folder.
html_show_sourcelink = False
html_copy_source = False
