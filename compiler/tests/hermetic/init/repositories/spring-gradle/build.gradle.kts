plugins {
    java
    id("org.springframework.boot") version "3.3.2"
}

group = "com.acme"
version = "2.4.1"

dependencies {
    implementation("org.springframework.boot:spring-boot-starter-web")
    implementation("org.springframework.boot:spring-boot-starter-actuator")
    testImplementation("org.springframework.boot:spring-boot-starter-test")
}
