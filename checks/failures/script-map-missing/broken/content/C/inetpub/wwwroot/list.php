<?php echo 'tea'; ?>
