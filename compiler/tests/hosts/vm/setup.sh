# Sets up the root of the machine: docker as Debian has it, an address, and a unit that runs the test of the second disk.
systemctl disable e2scrub_reap apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer
rm -rf /var/cache/apt/archives/*.deb
echo '{"live-restore": true}' >/etc/docker/daemon.json
cat >/etc/systemd/system/address.service <<END
[Unit]
Before=docker.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=ip address add 10.9.9.9/32 dev lo
[Install]
WantedBy=multi-user.target
END
cat >/etc/systemd/system/dpc-test.service <<END
[Unit]
After=docker.service
[Service]
ExecStart=sh -c 'mkdir -p /run/test; tar -xf /dev/vdb -C /run/test; exec sh /run/test/run.sh'
[Install]
WantedBy=multi-user.target
END
systemctl enable address dpc-test
