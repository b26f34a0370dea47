-- MariaDB dump 10.19
-- Host: localhost    Database: a

/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='' */;

--
-- Current Database: `a`
--

CREATE DATABASE `a`;

USE `a`;
INSERT INTO `t` VALUES
(1,'\n'),
(2,'');
DELIMITER ;;
CREATE PROCEDURE `p`()
-- Current Database: `b`
SELECT 1 ;;
DELIMITER ;

--
-- Current Database: `b`
--

CREATE DATABASE `b`;

USE `b`;

--
-- Current Database: `a`
--

USE `a`;

--
-- Current Database: `b`
--

USE `b`;
/*!50001 VIEW `v` AS select 1 AS `x` */;
/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;

-- Dump completed on 2026-01-01 00:00:00
