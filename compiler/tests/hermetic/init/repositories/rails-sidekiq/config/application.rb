module Billing
  class Application < Rails::Application
  end
end
