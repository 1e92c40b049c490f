"""One mechanism a file, named by the field's word; the order of a month is in `dearth.system.month`."""
