"""One mechanism a file, named by the field's word; `dearth.system.order_of_month` lists them in order."""
