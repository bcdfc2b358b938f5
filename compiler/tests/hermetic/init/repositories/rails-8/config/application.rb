module Wiki
  class Application < Rails::Application
  end
end
