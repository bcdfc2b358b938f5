import os
from telegram.ext import Application

application = Application.builder().token(os.environ["TOKEN"]).build()
application.run_polling()
